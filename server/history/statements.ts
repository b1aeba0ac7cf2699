/** Every statement of the history, prepared once for an open file. `at`: minutes since 1970; `hour`: hours since 1970. */
import type Database from "better-sqlite3";
import { fromBytes, toBytes } from "./codes.ts";

type KeptRow = { readonly layout: number; readonly codes: Uint16Array };
export type HistoryStatements = ReturnType<typeof prepareStatements>;

type RawRow = { readonly layout: number; readonly codes: Uint8Array };

export function prepareStatements(file: Database.Database) {
  const one = (sql: string) => file.prepare(sql).pluck();
  const cursor = one("SELECT at FROM cursor WHERE id = 1");
  const setCursor = file.prepare("UPDATE cursor SET at = ? WHERE id = 1");
  const farmId = one("SELECT id FROM farm WHERE name = ?");
  const addFarm = file.prepare("INSERT INTO farm (name) VALUES (?)");
  const farmIds = one("SELECT id FROM farm ORDER BY id");
  const layoutId = one("SELECT id FROM layout WHERE farm = ? AND backends = ?");
  const layoutText = one("SELECT backends FROM layout WHERE id = ?");
  const addLayout = file.prepare("INSERT INTO layout (farm, backends, hour) VALUES (?, ?, ?)");
  const touchLayout = file.prepare("UPDATE layout SET hour = ? WHERE id = ? AND hour < ?");
  const putMinute = file.prepare("INSERT OR REPLACE INTO minute VALUES (?, ?, ?, ?)");
  const minute = file.prepare("SELECT layout, codes FROM minute WHERE at = ? AND farm = ?");
  const firstMinute = one("SELECT MIN(at) FROM minute");
  const dropMinute = file.prepare("DELETE FROM minute WHERE at = ?");
  const putHour = file.prepare("INSERT OR REPLACE INTO hour VALUES (?, ?, ?, ?)");
  const putPacked = file.prepare(
    "INSERT INTO packed (farm, hour, codes) VALUES (?, ?, ?) ON CONFLICT (farm, hour) DO UPDATE SET codes = excluded.codes",
  );
  const hours = file.prepare(
    "SELECT hour, layout, codes FROM hour WHERE farm = ? AND hour >= ? AND hour <= ? ORDER BY hour",
  );
  const hourBefore = one("SELECT MAX(hour) FROM hour WHERE farm = ? AND hour < ?");
  const packed = one("SELECT codes FROM packed WHERE farm = ? AND hour = ?");
  const dropHours = file.prepare("DELETE FROM hour WHERE farm = ? AND hour < ?");
  const oldest = "id IN (SELECT id FROM packed ORDER BY id LIMIT ?)";
  const dropPacked = file.prepare(`DELETE FROM packed WHERE ${oldest}`);
  const dropOldPacked = file.prepare(`DELETE FROM packed WHERE ${oldest} AND hour < ?`);
  const dropLayouts = file.prepare("DELETE FROM layout WHERE hour < ?");
  const dropFarms = file.prepare(
    "DELETE FROM farm WHERE NOT EXISTS (SELECT 1 FROM layout WHERE layout.farm = farm.id)",
  );
  const pragma = (name: string) => Number(file.pragma(name, { simple: true }));
  return {
    /** all or nothing */
    together: (work: () => void) => file.transaction(work)(),
    cursor: () => Number(cursor.get() ?? 0),
    setCursor: (at: number) => setCursor.run(at),
    farmId: (name: string) => asNumber(farmId.get(name)),
    addFarm: (name: string) => Number(addFarm.run(name).lastInsertRowid),
    farmIds: () => farmIds.all().map(Number),
    layoutId: (farm: number, backends: string) => asNumber(layoutId.get(farm, backends)),
    layoutText: (id: number) => String(layoutText.get(id) ?? "[]"),
    addLayout: (farm: number, backends: string, hour: number) =>
      Number(addLayout.run(farm, backends, hour).lastInsertRowid),
    touchLayout: (id: number, hour: number) => touchLayout.run(hour, id, hour),
    putMinute: (at: number, farm: number, layout: number, codes: Uint16Array) =>
      putMinute.run(at, farm, layout, toBytes(codes)),
    minute: (at: number, farm: number): KeptRow | null => {
      const row = minute.get(at, farm) as RawRow | undefined;
      return row === undefined ? null : { layout: row.layout, codes: fromBytes(row.codes) };
    },
    firstMinute: () => asNumber(firstMinute.get()),
    dropMinute: (at: number) => dropMinute.run(at),
    putHour: (farm: number, hour: number, layout: number, codes: Uint16Array) =>
      putHour.run(farm, hour, layout, toBytes(codes)),
    putPacked: (farm: number, hour: number, codes: Uint16Array) => putPacked.run(farm, hour, toBytes(codes)),
    hours: (farm: number, from: number, to: number): (KeptRow & { readonly hour: number })[] =>
      (hours.all(farm, from, to) as (RawRow & { readonly hour: number })[]).map(({ hour, layout, codes }) => ({
        hour,
        layout,
        codes: fromBytes(codes),
      })),
    /** the last one before that hour; 0 = there is none */
    hourBefore: (farm: number, hour: number) => Number(hourBefore.get(farm, hour) ?? 0),
    packed: (farm: number, hour: number): Uint16Array | null => {
      const codes = packed.get(farm, hour);
      return codes instanceof Uint8Array ? fromBytes(codes) : null;
    },
    dropHours: (farm: number, before: number) => dropHours.run(farm, before).changes,
    dropPacked: (rows: number) => dropPacked.run(rows).changes,
    dropOldPacked: (rows: number, before: number) => dropOldPacked.run(rows, before).changes,
    dropLayouts: (before: number) => dropLayouts.run(before).changes,
    dropFarms: () => dropFarms.run().changes,
    /** what is in use: pages that were freed are written again before the file grows */
    bytes: () => (pragma("page_count") - pragma("freelist_count")) * pragma("page_size"),
  };
}

function asNumber(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
