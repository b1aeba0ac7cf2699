/**
 * Hashes of names for tables that every balancer must compute alike: 32-bit, only integer steps, so that any engine gives the same.
 * Not for secrets.
 */

/** Hash of a text under a seed: 0..2^32 - 1. */
export function hashText(text: string, seed: number): number {
  let hash = seed ^ 0x51_1c_e5_eb;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01_00_01_93);
    hash = (hash << 13) | (hash >>> 19);
  }
  return mix(hash ^ text.length);
}

/** Every bit of the input reaches every bit of the output; different inputs give different outputs. */
export function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7f_eb_35_2d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x84_6c_a6_8b);
  return (hash ^ (hash >>> 16)) >>> 0;
}
