/** Of a cell that a phone does not show: the row says the most of it under name and state. */
export const wide = "max-sm:hidden";
/** Of a cell that is left out first, where the columns would not fit beside each other. */
export const wider = "max-xl:hidden";
