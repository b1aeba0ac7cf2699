/** Of a cell that a phone does not show: the row says the most of it under name and state. */
export const wide = "max-sm:hidden";
