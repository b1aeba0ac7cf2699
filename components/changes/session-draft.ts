/**
 * Drafts live in the browser's sessionStorage: a reload keeps them, closing the tab ends them. What is read back is parsed
 * like any other input; storage that is full or switched off costs the draft its reload, nothing else.
 */

export function readDraft<T>(key: string, parse: (value: unknown) => T | null): T | null {
  try {
    const text = window.sessionStorage.getItem(key);
    return text === null ? null : parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** null removes it. */
export function writeDraft(key: string, value: unknown): void {
  try {
    if (value === null) window.sessionStorage.removeItem(key);
    else window.sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // full or forbidden: the draft still lives in the page
  }
}
