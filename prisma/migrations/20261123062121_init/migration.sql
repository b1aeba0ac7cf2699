-- CreateTable
CREATE TABLE "Balancer" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL DEFAULT 1,
    "n" INTEGER NOT NULL DEFAULT 0,
    "digest" TEXT NOT NULL DEFAULT '',
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- CreateTable
CREATE TABLE "Farm" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "balancerId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "protocol" TEXT NOT NULL,
    "scheduler" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Farm_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Backend" (
    "id" TEXT NOT NULL,
    "farmId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "port" INTEGER,
    "weight" INTEGER NOT NULL,
    "adminState" TEXT NOT NULL,
    "tier" INTEGER NOT NULL,

    PRIMARY KEY ("farmId", "id"),
    CONSTRAINT "Backend_farmId_fkey" FOREIGN KEY ("farmId") REFERENCES "Farm" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Change" (
    "uuid" TEXT NOT NULL PRIMARY KEY,
    "balancerId" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "operations" JSONB NOT NULL,
    "at" DATETIME NOT NULL,
    CONSTRAINT "Change_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Revision" (
    "balancerId" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "uuid" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "peerUid" INTEGER,
    "at" DATETIME NOT NULL,
    "digest" TEXT NOT NULL,
    "operations" JSONB NOT NULL,
    "sentences" JSONB NOT NULL,

    PRIMARY KEY ("balancerId", "epoch", "n"),
    CONSTRAINT "Revision_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "RevisionFarm" (
    "balancerId" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "farmId" TEXT NOT NULL,

    PRIMARY KEY ("balancerId", "epoch", "n", "farmId"),
    CONSTRAINT "RevisionFarm_balancerId_epoch_n_fkey" FOREIGN KEY ("balancerId", "epoch", "n") REFERENCES "Revision" ("balancerId", "epoch", "n") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Snapshot" (
    "balancerId" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "n" INTEGER NOT NULL,
    "farms" JSONB NOT NULL,

    PRIMARY KEY ("balancerId", "epoch", "n"),
    CONSTRAINT "Snapshot_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Event" (
    "id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "balancerId" TEXT NOT NULL,
    "bootId" TEXT,
    "seq" INTEGER,
    "at" DATETIME NOT NULL,
    "kind" TEXT NOT NULL,
    "farmId" TEXT,
    "farmName" TEXT,
    "backendId" TEXT,
    "text" TEXT NOT NULL,
    "actorName" TEXT,
    CONSTRAINT "Event_balancerId_fkey" FOREIGN KEY ("balancerId") REFERENCES "Balancer" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "User" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailVerified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    "username" TEXT,
    "displayUsername" TEXT,
    "role" TEXT NOT NULL DEFAULT 'viewer'
);

-- CreateTable
CREATE TABLE "Session" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "expiresAt" DATETIME NOT NULL,
    "token" TEXT NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    "ipAddress" TEXT,
    "userAgent" TEXT,
    "userId" TEXT NOT NULL,
    CONSTRAINT "Session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Account" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "accountId" TEXT NOT NULL,
    "providerId" TEXT NOT NULL,
    "userId" TEXT NOT NULL,
    "accessToken" TEXT,
    "refreshToken" TEXT,
    "idToken" TEXT,
    "accessTokenExpiresAt" DATETIME,
    "refreshTokenExpiresAt" DATETIME,
    "scope" TEXT,
    "password" TEXT,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,
    CONSTRAINT "Account_userId_fkey" FOREIGN KEY ("userId") REFERENCES "User" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "Verification" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expiresAt" DATETIME NOT NULL,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL
);

-- CreateTable
CREATE TABLE "Lockout" (
    "key" TEXT NOT NULL PRIMARY KEY,
    "failures" INTEGER NOT NULL,
    "lastAt" DATETIME NOT NULL,
    "lockedUntil" DATETIME
);

-- CreateIndex
CREATE INDEX "Farm_balancerId_name_idx" ON "Farm"("balancerId", "name");

-- CreateIndex
CREATE INDEX "Backend_farmId_position_idx" ON "Backend"("farmId", "position");

-- CreateIndex
CREATE INDEX "Backend_address_idx" ON "Backend"("address");

-- CreateIndex
CREATE INDEX "Change_balancerId_state_at_idx" ON "Change"("balancerId", "state", "at");

-- CreateIndex
CREATE INDEX "Revision_uuid_idx" ON "Revision"("uuid");

-- CreateIndex
CREATE INDEX "RevisionFarm_balancerId_farmId_epoch_n_idx" ON "RevisionFarm"("balancerId", "farmId", "epoch", "n");

-- CreateIndex
CREATE INDEX "Event_balancerId_farmId_id_idx" ON "Event"("balancerId", "farmId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "Event_bootId_seq_key" ON "Event"("bootId", "seq");

-- CreateIndex
CREATE UNIQUE INDEX "User_email_key" ON "User"("email");

-- CreateIndex
CREATE UNIQUE INDEX "User_username_key" ON "User"("username");

-- CreateIndex
CREATE UNIQUE INDEX "Session_token_key" ON "Session"("token");

-- CreateIndex
CREATE INDEX "Session_userId_idx" ON "Session"("userId");

-- CreateIndex
CREATE INDEX "Account_userId_idx" ON "Account"("userId");

-- CreateIndex
CREATE INDEX "Verification_identifier_idx" ON "Verification"("identifier");

-- CreateIndex
CREATE INDEX "Lockout_lastAt_idx" ON "Lockout"("lastAt");
