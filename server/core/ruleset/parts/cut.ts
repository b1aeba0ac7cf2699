/**
 * Ends the open TCP connections of a backend: its id goes into cut_orig, 500 ms later into cut_reply too, 500 ms later conntrack
 * forgets them. Both directions at once would reset only the backend. Resets themselves pass, ours as well as those of the two ends:
 * a reset that is rejected is a reset eaten.
 */
export const cutRules: readonly string[] = [
  "ct direction original ct mark @cut_orig tcp flags & rst == 0 counter reject with tcp reset",
  "ct direction reply ct mark @cut_reply tcp flags & rst == 0 counter reject with tcp reset",
];
