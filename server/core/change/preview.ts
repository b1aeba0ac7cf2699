/** What a change would do, before it is applied: sentences for people, the nft text of its one transaction, and a dry run's answer. */
export type ChangePreview = {
  readonly sentences: readonly string[];
  /** nft text, one statement a line; "" when nothing changes in the kernel */
  readonly script: string;
  readonly statements: number;
  /** answer of the kernel's check mode; null when there was nothing to check */
  readonly check: { readonly ok: boolean; readonly text: string; readonly durationMs: number } | null;
};
