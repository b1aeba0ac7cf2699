/** Which backends of a long list fit what was typed. Pure. */
import { backendWords } from "@/components/ui/status-words.ts";
import type { Backend, Health } from "@/server/core/farm/types.ts";
import { backendAddressText } from "./farm-text.ts";

/** shorter lists are seen at a glance */
export const filterFrom = 12;

type Listed = Pick<Backend, "name" | "address" | "port" | "adminState">;

/** Every word must be in its name, its address or the words of its state. */
export function fitsFilter(backend: Listed, health: Health, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const all =
    `${backend.name} ${backendAddressText(backend)} ${backendWords(backend.adminState, health)}`.toLowerCase();
  return words.every((word) => all.includes(word));
}
