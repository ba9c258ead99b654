// Loaded before every program that the starter spawns. The channel to the starter closes when the starter ends, also by
// `kill -9`; then the program is asked to stop, so that nothing is left for the next start to trip over.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
