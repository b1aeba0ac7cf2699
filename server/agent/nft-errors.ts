/** nft's stderr, read for two questions: may the kernel simply not be what we thought, and what do we tell people. */

/** ENOENT, EEXIST, EBUSY: the kernel has something else than we believed; a listing tells what. */
export function isRetryable(text: string): boolean {
  return /No such file or directory|File exists|Device or resource busy|Resource temporarily unavailable|Interrupted/.test(
    text,
  );
}

/**
 * nft reads its cache first and then what was asked for by key; a change between the two ends the command with EINTR instead of
 * beginning anew, as it does while it reads the cache.
 */
export function isInterrupted(text: string): boolean {
  return /Interrupted system call/.test(text);
}

const words: readonly (readonly [RegExp, string])[] = [
  [/Operation not permitted/, "the agent has no right to change the rules (CAP_NET_ADMIN)"],
  [/Message too long/, "the transaction is too large for this namespace"],
  [/Too many open files in system/, "a map is full"],
  [/Cannot allocate memory|No buffer space/, "the kernel is out of memory for it"],
  [/No such file or directory/, "something it builds on is missing"],
  [/File exists/, "something else has that place already"],
  [/Device or resource busy/, "something is still in use"],
  [/Operation not supported|Protocol not supported/, "this kernel lacks a feature it needs"],
  [/syntax error/, "this nft does not understand it"],
  [/did not answer/, "nft did not answer in time"],
  [/^$/, "no reason given"],
];

/** Never nft's own words: a closed list of sentences. */
export function errorWord(text: string): string {
  return words.find(([pattern]) => pattern.test(text))?.[1] ?? "nft reported an error";
}
