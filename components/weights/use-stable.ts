import { useMemo, useRef } from "react";

/** Functions that are new in every render, behind ones that never change. */
export function useStable<T extends Readonly<Record<string, (...args: never[]) => unknown>>>(handlers: T): T {
  const latest = useRef(handlers);
  latest.current = handlers;
  return useMemo(() => {
    const names = Object.keys(latest.current);
    const call =
      (name: string) =>
      (...args: never[]) =>
        latest.current[name]?.(...args);
    return Object.fromEntries(names.map((name) => [name, call(name)])) as T;
  }, []);
}
