/**
 * ct mark numbers. The highest byte is the tag (0x51 unless configured) so that marks of others are told apart; bit 31 is set only
 * while a connection is being scheduled. Ids and slots are plain numbers everywhere else and become marks only here.
 */
export const defaultTag = 0x51;
export const tagMin = 0x01;
export const tagMax = 0x7d;

/** Ids and slots are 0..numberMax; what lies above is reserved (0xffffff: nobody). */
export const numberMax = 0xfffff0;

const scheduling = 0x80;

/** Mark of a connection given to backend `id`. */
export function idMark(tag: number, id: number): number {
  return (tag << 24) | id;
}

/** Mark while scheduling: global slot number. */
export function slotMark(tag: number, slot: number): number {
  return (((tag | scheduling) << 24) | slot) >>> 0;
}

/** While a farm's memory is asked: its number, under the tag after ours. */
export function lookupMark(tag: number, farmNumber: number): number {
  return ((tag + 1) << 24) | farmNumber;
}

/** Nobody serves: refuse. */
export function rejectMark(tag: number): number {
  return (tag << 24) | 0xffffff;
}

/** Nobody serves: drop silently. */
export function dropMark(tag: number): number {
  return (((tag | scheduling) << 24) | 0xffffff) >>> 0;
}

/** Scheduled, but the backend has just left the maps: dropped like an empty slot, the client's retry is scheduled again. */
export function missMark(tag: number): number {
  return (((tag | scheduling) << 24) | 0xfffff1) >>> 0;
}

/** The backend id a mark carries, or null when the mark is none of ours or carries no id. */
export function idOfMark(tag: number, mark: number): number | null {
  if (mark >>> 24 !== tag) return null;
  const id = mark & 0xffffff;
  return id >= 1 && id <= numberMax ? id : null;
}

/** The global slot a scheduling mark carries, or null. */
export function slotOfMark(tag: number, mark: number): number | null {
  if (mark >>> 24 !== (tag | scheduling)) return null;
  const slot = mark & 0xffffff;
  return slot <= numberMax ? slot : null;
}

/** nft text of a mark: always eight hex digits. */
export function markText(mark: number): string {
  return `0x${mark.toString(16).padStart(8, "0")}`;
}
