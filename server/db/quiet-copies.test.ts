import { expect, test } from "vitest";
import { createQuietCopies } from "./quiet-copies.ts";

function world() {
  const timers = new Set<() => void>();
  let copies = 0;
  const quiet = createQuietCopies({
    copy: () => {
      copies += 1;
    },
    after: (_ms, task) => {
      timers.add(task);
      return () => timers.delete(task);
    },
  });
  /** nothing changes until every timer has run */
  const settle = () => {
    for (const task of [...timers]) {
      timers.delete(task);
      task();
    }
  };
  const accept = (from: number, to: number) => {
    for (let n = from; n <= to; n++) quiet.accepted(n);
  };
  return { accept, settle, quiet, copies: () => copies, waiting: () => timers.size };
}

test("a full copy is made once after the hundredth revision, when nothing changes any more", () => {
  const { accept, settle, copies, waiting } = world();
  accept(1, 99);
  settle();
  expect(copies()).toBe(0);
  accept(100, 130);
  expect([copies(), waiting()]).toEqual([0, 1]);
  settle();
  accept(131, 199);
  settle();
  expect(copies()).toBe(1);
});

test("where changes never end it is made all the same", () => {
  const { accept, settle, copies } = world();
  accept(100, 999);
  expect(copies()).toBe(0);
  accept(1000, 1000);
  expect(copies()).toBe(1);
  settle();
  expect(copies()).toBe(1);
});

test("a closed database makes none", () => {
  const { accept, settle, copies, quiet } = world();
  accept(100, 100);
  quiet.stop();
  settle();
  expect(copies()).toBe(0);
});
