/**
 * Of cells that are left out where the columns would not fit beside each other: a list that scrolls sideways hides its numbers. On a phone
 * the row says the most of it under name and state.
 */
export const wide = "max-sm:hidden";
export const wider = "max-lg:hidden";
/** between those: a list of farms has room for one column more */
export const quiteWide = "max-[1120px]:hidden";
export const widest = "max-xl:hidden";
