/**
 * Kernel id -> address: with its port (be) where the backend names one, without (ba) where the client's port is kept. An id is in at
 * most one of them, and in none while its backend is in maintenance or down.
 */
import { idMark, markText } from "../../allocation/marks.ts";
import type { PartInput, PartOutput } from "./part.ts";

export function backendsPart({ tag, targets }: PartInput): PartOutput {
  const maps = {
    be4: new Map<string, string>(),
    ba4: new Map<string, string>(),
    be6: new Map<string, string>(),
    ba6: new Map<string, string>(),
  };
  for (const { id, backend, eff } of targets) {
    if (!eff.inMap) continue;
    const key = markText(idMark(tag, id));
    const { address, port } = backend;
    if (port === null) maps[eff.family === 4 ? "ba4" : "ba6"].set(key, address);
    else maps[eff.family === 4 ? "be4" : "be6"].set(key, `${address} . ${port}`);
  }
  return [
    ["be4", maps.be4],
    ["ba4", maps.ba4],
    ["be6", maps.be6],
    ["ba6", maps.ba6],
  ];
}
