import { describe, expect, test, vi } from "vitest";
import { createToastStore } from "./toast-store.ts";

const undo = (farmId: string | null, n: number, epoch = 1) => ({
  label: "Undo",
  onSelect: () => {},
  undoes: { farmId, epoch, n },
});
const titles = (store: ReturnType<typeof createToastStore>) => store.read().map(({ title }) => title);

describe("a message with an undo", () => {
  test("goes when its farm is changed again, by whomever; other farms' messages and plain ones stay", () => {
    const store = createToastStore();
    store.add({ title: "web-1 drains", action: undo("shop", 3) });
    store.add({ title: "Applied as revision 4", action: undo("mail", 4) });
    store.add({ title: "Copied", text: "no action" });
    const heard = vi.fn();
    store.subscribe(heard);
    store.outdate({ farmId: "shop", epoch: 1, n: 5 });
    store.add({ title: "web-1 takes new connections again", action: undo("shop", 5) });
    expect(titles(store)).toEqual(["Applied as revision 4", "Copied", "web-1 takes new connections again"]);
    store.outdate({ farmId: "nobody", epoch: 1, n: 6 });
    expect(heard).toHaveBeenCalledTimes(2);
  });

  test("stays when the feed tells of the very revision it undoes, or late of an earlier one", () => {
    const store = createToastStore();
    store.add({ title: "Applied as revision 4", action: undo("shop", 4, 2) });
    for (const [epoch, n] of [
      [2, 4],
      [2, 3],
      [1, 9],
    ] as const)
      store.outdate({ farmId: "shop", epoch, n });
    expect(titles(store)).toEqual(["Applied as revision 4"]);
    store.outdate({ farmId: "shop", epoch: 3, n: 1 });
    expect(titles(store)).toEqual([]);
  });
});
