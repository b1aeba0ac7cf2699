import { useEffect, useState } from "react";

/** The value once it has stayed the same for `forMs`: what is typed or dragged is asked of the server when it rests. */
export function useSettled<T>(value: T, forMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), forMs);
    return () => clearTimeout(timer);
  }, [value, forMs]);
  return settled;
}
