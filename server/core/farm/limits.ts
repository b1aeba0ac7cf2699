/** Bounds of the farm document. What lies above is refused with path, limit and value. */
export const limits = {
  farmsMax: 5000,
  backendsPerFarmMax: 1000,
  backendsMax: 100_000,
  addressesPerFarmMax: 16,
  portEntriesPerFarmMax: 64,
  nameLengthMax: 63,
  notesLengthMax: 2000,
  tagsMax: 16,
  policyEntriesMax: 1000,
  connectionLimitMax: 10_000_000,
  weightMax: 1000,
  tierMax: 9,
  portMax: 65_535,
  operationBytesMax: 1024 * 1024,
  importBytesMax: 32 * 1024 * 1024,
} as const;
