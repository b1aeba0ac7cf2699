-- AlterTable
ALTER TABLE "Event" ADD COLUMN "notice" TEXT;

-- CreateTable
CREATE TABLE "NotificationTarget" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "balancerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "sealed" TEXT,
    "filter" JSONB NOT NULL,
    "isEnabled" BOOLEAN NOT NULL,
    "groupS" INTEGER NOT NULL,
    "repeatS" INTEGER,
    "cursor" INTEGER NOT NULL,
    "progress" JSONB NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAt" DATETIME,
    "lastOkAt" DATETIME,
    "lastErrorAt" DATETIME,
    "lastError" TEXT,
    CONSTRAINT "NotificationTarget_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "NotificationTarget_balancerId_name_idx" ON "NotificationTarget"("balancerId", "name");
