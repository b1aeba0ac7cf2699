/**
 * How many connections are followed when there are too many: one of 2^bits. More than the bound or a loss halves them at once; only after a
 * while of calm are twice as many followed again, so that the choice does not swing.
 */
export type EventSampling = {
  /** events each second that were read, and whether some did not fit; the bits from now on */
  adjust(perS: number, wasTooMuch: boolean): number;
  lost(): number;
};

/** ten thousand connections each second with up to five events each, and some room */
const perSMax = 60_000;
const bitsMax = 12;
const calmRounds = 10;

export function createEventSampling(): EventSampling {
  let bits = 0;
  let calm = 0;

  function fewer(): number {
    calm = 0;
    bits = Math.min(bitsMax, bits + 1);
    return bits;
  }

  return {
    adjust(perS, wasTooMuch) {
      if (wasTooMuch || perS > perSMax) return fewer();
      calm = perS < perSMax / 4 ? calm + 1 : 0;
      if (calm >= calmRounds && bits > 0) {
        calm = 0;
        bits -= 1;
      }
      return bits;
    },
    lost: fewer,
  };
}
