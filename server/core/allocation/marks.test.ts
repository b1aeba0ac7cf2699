import { describe, expect, it } from "vitest";
import {
  dropMark,
  idMark,
  idOfMark,
  markText,
  missMark,
  numberMax,
  rejectMark,
  slotMark,
  slotOfMark,
} from "./marks.ts";

describe("marks", () => {
  it("are the numbers of the design", () => {
    expect(markText(idMark(0x51, 1))).toBe("0x51000001");
    expect(markText(slotMark(0x51, 3))).toBe("0xd1000003");
    expect(markText(rejectMark(0x51))).toBe("0x51ffffff");
    expect(markText(dropMark(0x51))).toBe("0xd1ffffff");
    expect(markText(idMark(0x01, 1))).toBe("0x01000001");
  });

  it("are eight hex digits, whatever the number", () => {
    const marks = [0, 1, 0xf, 0xfff, 0x1000, 0xffffff, 0x0100_0000, 0x1000_0fff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
    for (const mark of marks) expect(markText(mark)).toBe(`0x${mark.toString(16).padStart(8, "0")}`);
  });

  it.each([0x01, 0x51, 0x7d])("tell ids, slots and the reserved ones apart with tag %i", (tag) => {
    for (const id of [1, 77, numberMax]) expect(idOfMark(tag, idMark(tag, id))).toBe(id);
    for (const slot of [0, 77, numberMax]) expect(slotOfMark(tag, slotMark(tag, slot))).toBe(slot);
    for (const reserved of [rejectMark(tag), dropMark(tag), missMark(tag)]) {
      expect(idOfMark(tag, reserved)).toBeNull();
      expect(slotOfMark(tag, reserved)).toBeNull();
      expect(reserved).toBeLessThanOrEqual(0xffffffff);
      expect(reserved).toBeGreaterThan(0);
    }
  });

  it("of others carry none of our ids", () => {
    for (const mark of [0, 1, 0x52000001, 0x80000001, 0xd1000001]) expect(idOfMark(0x51, mark)).toBeNull();
  });
});
