-- AlterTable
ALTER TABLE "auth_users" ADD COLUMN "banned_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "users" ADD COLUMN "erased_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "auth_attempts" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "auth_attempts_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "auth_places" (
    "user_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "last_sign_in_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "auth_places_pkey" PRIMARY KEY ("user_id", "address")
);

-- CreateIndex
CREATE INDEX "auth_attempts_ends_at_idx" ON "auth_attempts"("ends_at");

-- AddForeignKey
ALTER TABLE "auth_places" ADD CONSTRAINT "auth_places_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "auth_users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- From here on: what the Prisma schema cannot express.

-- A banned account has no session: those that it has end with the ban, and it gets no other. The lock makes a sign-in
-- under way wait for a ban under way, and the other way round, so that neither slips past the other.
CREATE FUNCTION "refuse_banned_session"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM "auth_users" WHERE "id" = NEW."user_id" AND "banned_at" IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the account is banned or gone' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "auth_sessions_refuse_banned" BEFORE INSERT ON "auth_sessions"
FOR EACH ROW EXECUTE FUNCTION "refuse_banned_session"();

CREATE FUNCTION "end_sessions_of_banned"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "auth_sessions" WHERE "user_id" = NEW."id";
  RETURN NEW;
END
$$;

CREATE TRIGGER "auth_users_ban" AFTER UPDATE OF "banned_at" ON "auth_users"
FOR EACH ROW WHEN (NEW."banned_at" IS NOT NULL) EXECUTE FUNCTION "end_sessions_of_banned"();

-- Whatever deletes a sign-in account, its billing subject loses name and address in the same transaction. Usage and
-- invoices stay.
CREATE FUNCTION "erase_auth_user"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "users" SET "email" = '', "name" = NULL, "stripe_details" = NULL, "updated_at" = now(),
    "erased_at" = coalesce("erased_at", now())
  WHERE "id" = OLD."id";
  RETURN OLD;
END
$$;

CREATE TRIGGER "auth_users_erase" AFTER DELETE ON "auth_users"
FOR EACH ROW EXECUTE FUNCTION "erase_auth_user"();
