-- CreateTable
CREATE TABLE "Lease" (
    "balancerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,

    PRIMARY KEY ("balancerId", "name"),
    CONSTRAINT "Lease_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
