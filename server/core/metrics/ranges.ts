/** Ranges of the charts. Seconds are asked of the agent, which keeps them in memory; everything longer comes from the kept minutes. */

/** The longest range that is drawn from seconds. */
export const agentRangeS = 900;

/** What is longer is asked of Prometheus first, where there is one. */
export const ownRangeS = 24 * 3600;
/** As long as we keep it ourselves. */
export const keptRangeS = 30 * 24 * 3600;
export const rangeSMax = 366 * 24 * 3600;
