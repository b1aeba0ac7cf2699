/**
 * When to reconcile: at start, every few seconds, and when the agent says that there is a revision. One run at a time; calls made
 * while one runs share the next.
 */
import { ok, type Result } from "../core/result.ts";
import type { Deps } from "./deps.ts";
import { type Reconciled, reconcile } from "./reconcile.ts";

export type Reconciler = {
  /** Resolves when a run that began after this call has ended. */
  run(): Promise<Result<Reconciled>>;
  /** Resolves when the database has the revision, or when it cannot have it now. */
  reach(epoch: number, n: number): Promise<Result<Reconciled>>;
};

/** a change of this process writes its own rows meanwhile; reading the journal for it would be work for nothing */
const ownWriteMs = 100;

export function createReconciler(deps: Deps): Reconciler {
  let running: Promise<Result<Reconciled>> | null = null;
  let next: Promise<Result<Reconciled>> | null = null;
  let lastProblem = "";

  async function once(): Promise<Result<Reconciled>> {
    const result = await reconcile(deps);
    const problem = result.ok ? "" : result.error.code;
    if (problem !== lastProblem || (result.ok && result.value !== "in-sync"))
      deps.log("reconcile", result.ok ? { result: result.value } : { problem, detail: result.error.text });
    lastProblem = problem;
    return result;
  }

  function run(): Promise<Result<Reconciled>> {
    if (running === null) {
      running = once().finally(() => {
        running = null;
      });
      return running;
    }
    next ??= running.then(() => {
      next = null;
      return run();
    });
    return next;
  }

  async function reach(epoch: number, n: number): Promise<Result<Reconciled>> {
    await deps.wait(ownWriteMs);
    const database = await deps.database();
    const position = database.ok ? await database.value.farms.position() : database;
    if (position.ok && position.value.epoch === epoch && position.value.n >= n) return ok("in-sync");
    return run();
  }

  return { run, reach };
}
