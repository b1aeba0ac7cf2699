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

/** Three hex digits: a number above 2^31 is slow to be made a text of, and slots are ten thousand of them each second. */
const threeDigits: readonly string[] = Array.from({ length: 0x1000 }, (_, n) => n.toString(16).padStart(3, "0"));
const twoDigits: readonly string[] = threeDigits.slice(0, 0x100).map((digits) => digits.slice(1));

/** nft text of a mark: always eight hex digits. */
export function markText(mark: number): string {
  return `0x${twoDigits[mark >>> 24]}${threeDigits[(mark >>> 12) & 0xfff]}${threeDigits[mark & 0xfff]}`;
}
