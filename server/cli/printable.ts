/** Text of unknown writers on a terminal: control characters are shown and never sent. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it takes out
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export function printable(text: string): string {
  return text.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
