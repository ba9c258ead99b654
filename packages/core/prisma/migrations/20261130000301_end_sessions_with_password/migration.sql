-- Nothing of this is in the Prisma schema, which has no words for it.

-- A password that changes ends every session, whichever route changes it; the one that changed it makes a new one after.
CREATE FUNCTION "end_sessions_of_old_password"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "auth_sessions" WHERE "user_id" = NEW."user_id";
  RETURN NEW;
END
$$;

CREATE TRIGGER "auth_accounts_password" AFTER UPDATE OF "password" ON "auth_accounts"
FOR EACH ROW WHEN (OLD."password" IS DISTINCT FROM NEW."password")
EXECUTE FUNCTION "end_sessions_of_old_password"();
