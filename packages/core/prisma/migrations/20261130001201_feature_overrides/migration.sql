-- An operator's value of a feature for one user, in place of the plan's.
CREATE TABLE "feature_overrides" (
  "user_id" text NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "feature" text NOT NULL,
  "value" jsonb NOT NULL,
  "reason" text NOT NULL,
  "set_by" text NOT NULL,
  "set_at" timestamptz(3) NOT NULL,
  CONSTRAINT "feature_overrides_pkey" PRIMARY KEY ("user_id", "feature")
);
