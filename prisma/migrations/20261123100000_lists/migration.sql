-- AlterTable
ALTER TABLE "Snapshot" ADD COLUMN "lists" JSONB;

-- CreateTable
CREATE TABLE "List" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "balancerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "document" JSONB NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "List_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "List_balancerId_name_idx" ON "List"("balancerId", "name");


