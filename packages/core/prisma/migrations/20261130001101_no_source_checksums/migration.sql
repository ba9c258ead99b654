-- What archived rows took from grants and overage is summed from their parts, which an index finds.
ALTER TABLE "usage_checksums" DROP COLUMN "credited", DROP COLUMN "sold";
