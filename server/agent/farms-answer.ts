/** All farms and lists as JSON, in pieces. A farm's text is kept as long as the farm object lives: who asks after each change pays for one. */
import type { Desired } from "../core/change/apply-operations.ts";
import type { Farm } from "../core/farm/types.ts";

const farmsPerPiece = 50;
const texts = new WeakMap<Farm, string>();

export function* farmsAnswer({ epoch, n, farms, lists }: Desired): Generator<string> {
  yield `{"epoch":${epoch},"n":${n},"farms":[`;
  const entries = [...farms.values()];
  for (let at = 0; at < entries.length; at += farmsPerPiece) {
    const some = entries.slice(at, at + farmsPerPiece);
    const text = some.map(({ farm, version }) => `{"farm":${textOf(farm)},"version":${version}}`).join(",");
    yield at === 0 ? text : `,${text}`;
  }
  yield `],"lists":${JSON.stringify(Array.from(lists.values(), ({ list, version }) => ({ list, version })))}}`;
}

function textOf(farm: Farm): string {
  const known = texts.get(farm);
  if (known !== undefined) return known;
  const text = JSON.stringify(farm);
  texts.set(farm, text);
  return text;
}
