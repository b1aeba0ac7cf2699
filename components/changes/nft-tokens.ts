/**
 * Colouring of nft text: splits each line into runs of one kind. It judges nothing, it only reads; joining the runs of
 * all lines gives the text back, so what is copied is what was shown.
 */

export type NftRun = { readonly kind: "add" | "delete" | "comment" | "value" | "plain"; readonly text: string };

const verbs =
  /^(\s*)((?:add|create|insert|replace)|(?:delete|destroy|flush))(\s+(?:element|rule|map|set|chain|table))?/;
const values = /0x[0-9a-fA-F]+|\bmod \d+\b|\boffset \d+\b/g;

export function nftLines(text: string): NftRun[][] {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  return body === "" ? [] : body.split("\n").map(nftRuns);
}

function nftRuns(line: string): NftRun[] {
  const comment = line.indexOf("#");
  if (comment === 0 || line.trimStart().startsWith("#")) return [{ kind: "comment", text: line }];
  const verb = verbs.exec(line);
  if (verb === null) return valueRuns(line);
  const isDelete = /^(?:delete|destroy|flush)/.test(verb[2] ?? "");
  const indent = verb[1] ?? "";
  const head: NftRun[] = indent === "" ? [] : [{ kind: "plain", text: indent }];
  const word = verb[0].slice(indent.length);
  return [...head, { kind: isDelete ? "delete" : "add", text: word }, ...valueRuns(line.slice(verb[0].length))];
}

function valueRuns(text: string): NftRun[] {
  const runs: NftRun[] = [];
  let at = 0;
  for (const match of text.matchAll(values)) {
    if (match.index > at) runs.push({ kind: "plain", text: text.slice(at, match.index) });
    runs.push({ kind: "value", text: match[0] });
    at = match.index + match[0].length;
  }
  if (at < text.length) runs.push({ kind: "plain", text: text.slice(at) });
  return runs;
}
