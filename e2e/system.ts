/** Where the run's system stands: written by open-system.ts, read by every test. */

export type System = {
  readonly origin: string;
  readonly labSocket: string;
  readonly agentSocket: string;
  /** the web process's folder: the setup token is here while no administrator exists */
  readonly webData: string;
  /** cookies of the administrator, written by enter.setup.ts */
  readonly storageState: string;
};

const variable = "SLUICE_E2E_SYSTEM";

export function announceSystem(system: System): void {
  process.env[variable] = JSON.stringify(system);
}

export function system(): System {
  const text = process.env[variable];
  if (text === undefined) throw new Error("the system is not open: run through playwright.config.ts");
  return JSON.parse(text) as System;
}

/** The administrator every test signs in as; made by enter.setup.ts with the one-time link. */
export const administrator = { name: "Anna Lind", username: "anna", password: "sluice gates hold water 7" } as const;
