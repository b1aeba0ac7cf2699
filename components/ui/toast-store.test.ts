import { describe, expect, test, vi } from "vitest";
import { createToastStore } from "./toast-store.ts";

const undo = (farmId: string | null) => ({ label: "Undo", onSelect: () => {}, farmId });

describe("a message with an undo", () => {
  test("goes when its farm is changed again; other farms' messages and plain ones stay", () => {
    const store = createToastStore();
    store.add({ title: "web-1 drains", action: undo("shop") });
    store.add({ title: "Applied as revision 4", action: undo("mail") });
    store.add({ title: "Copied", text: "no action" });
    const heard = vi.fn();
    store.subscribe(heard);
    store.outdate("shop");
    store.add({ title: "web-1 takes new connections again", action: undo("shop") });
    const left = ["Applied as revision 4", "Copied", "web-1 takes new connections again"];
    expect(store.read().map(({ title }) => title)).toEqual(left);
    store.outdate("nobody");
    expect(heard).toHaveBeenCalledTimes(2);
  });
});
