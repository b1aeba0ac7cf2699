/** Whether an address lies in a prefix; both as the kernel or the farm document writes them. */

/** false too for addresses of different families, or ones that are none. */
export function addressWithin(address: string, network: string, prefixLength: number): boolean {
  const own = bitsOf(address);
  const other = bitsOf(network);
  if (own === null || other === null || own.length !== other.length) return false;
  return own.slice(0, prefixLength) === other.slice(0, prefixLength);
}

/** Bits of a canonical address as text, so that a prefix is a slice. */
function bitsOf(address: string): string | null {
  if (!address.includes(":")) {
    return address
      .split(".")
      .map((part) => Number(part).toString(2).padStart(8, "0"))
      .join("");
  }
  if (address.includes(".") || address.includes("%")) return null;
  const [head = "", tail] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups =
    tail === undefined ? left : [...left, ...Array<string>(8 - left.length - right.length).fill("0"), ...right];
  return groups.map((group) => Number.parseInt(group, 16).toString(2).padStart(16, "0")).join("");
}
