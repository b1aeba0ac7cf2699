/** The command line's environment, parsed once. */
import { tmpdir } from "node:os";
import { runsFolderOf } from "./lab-folder.ts";

export type CliEnv = {
  /** SLUICE_SOCKET */
  readonly socketPath: string | undefined;
  readonly hostSocket: string;
  readonly runsFolder: string;
  /** whose labs they are */
  readonly uid: number;
  /** NO_COLOR (no-color.org: set and not empty), and TERM=dumb */
  readonly mayColor: boolean;
  /** COLUMNS, where the terminal itself does not say */
  readonly columns: number | null;
};

type Source = Readonly<Record<string, string | undefined>>;

export function parseCliEnv(source: Source, uid: number): CliEnv {
  const columns = /^[0-9]{1,4}$/.test(source.COLUMNS ?? "") ? Number(source.COLUMNS) : 0;
  return {
    socketPath: source.SLUICE_SOCKET === "" ? undefined : source.SLUICE_SOCKET,
    hostSocket: "/run/sluice/agent.sock",
    runsFolder: runsFolderOf(tmpdir(), uid),
    uid,
    mayColor: (source.NO_COLOR ?? "") === "" && source.TERM !== "dumb",
    columns: columns > 0 ? columns : null,
  };
}
