/** Ranges of the charts. Seconds are asked of the agent, which keeps them in memory; everything longer comes from the kept minutes. */

/** The longest range that is drawn from seconds. */
export const agentRangeS = 900;
