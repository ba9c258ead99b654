// Before the first paint, so that a chosen theme doesn't flash in the other. Not inline: the content security policy
// allows no such script.
{
  const chosen = localStorage.getItem('tollgate-theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
}
