/**
 * `nft -j list` read as it comes. A listing of thousands of backends is tens of megabytes: as one text and one tree it would take ten times
 * that and hold everything else up. The items come one by one, those of a map or set an element at a time, and nothing is kept.
 */
import { isJson, type Json } from "./listing-json.ts";

export type ListingListener = {
  /** an item of the listing; of a map or set without its elements, which follow */
  item(item: Json): void;
  /** an element of the map or set that came last, as it stands in the listing */
  element(element: unknown): void;
};

/** `{"nftables": [{"map": {..., "elem": [ELEMENT, ...]}}, ...]}`: how deep things stand */
const itemDepth = 3;
const elementsDepth = 5;
const beginning = /^\s*\{\s*"nftables"\s*:\s*\[/;
const beginningMax = 64;
const elementsAhead = /"elem"\s*:\s*$/;

const quote = 34;
const comma = 44;
const backslash = 92;
const openBracket = 91;
const closeBracket = 93;
const openBrace = 123;
const closeBrace = 125;

export class ListingStream {
  readonly #listener: ListingListener;
  #begin = "";
  /** of the item or element that is not whole yet */
  #text = "";
  /** what of the item stands before its elements */
  #head: string | null = null;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #isInElements = false;
  #isBroken = false;

  constructor(listener: ListingListener) {
    this.#listener = listener;
  }

  /** The next piece of the text, cut anywhere. */
  feed(piece: string): void {
    if (this.#begin.length < beginningMax) this.#begin += piece.slice(0, beginningMax);
    let from = 0;
    for (let at = 0; at < piece.length; at++) {
      const code = piece.charCodeAt(at);
      if (this.#inString) this.#stringGoesOn(code);
      else if (code === quote) this.#inString = true;
      else if (code === openBrace || code === openBracket) from = this.#opened(code, piece, from, at);
      else if (code === closeBrace || code === closeBracket) from = this.#closed(code, piece, from, at);
      else if (code === comma && this.#isInElements && this.#depth === elementsDepth) {
        this.#element(this.#text + piece.slice(from, at));
        from = at + 1;
      }
    }
    if (this.#depth >= itemDepth) this.#text += piece.slice(from);
  }

  /** The text is over: it was a listing, and whole. */
  end(): boolean {
    return !this.#isBroken && this.#depth === 0 && beginning.test(this.#begin);
  }

  #stringGoesOn(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === backslash) this.#isEscaped = true;
    else if (code === quote) this.#inString = false;
  }

  /** Answers where in the piece begins what is not taken yet. */
  #opened(code: number, piece: string, from: number, at: number): number {
    this.#depth++;
    if (this.#depth === itemDepth) {
      this.#text = "";
      return at;
    }
    if (this.#depth !== elementsDepth || code !== openBracket || this.#head !== null) return from;
    const head = this.#text + piece.slice(from, at);
    if (!elementsAhead.test(head)) return from;
    this.#head = head;
    this.#isInElements = true;
    this.#item(`${head}[]}}`);
    this.#text = "";
    return at + 1;
  }

  #closed(code: number, piece: string, from: number, at: number): number {
    const isLast = this.#isInElements && this.#depth === elementsDepth && code === closeBracket;
    this.#depth--;
    if (isLast) {
      const last = this.#text + piece.slice(from, at);
      if (last.trim() !== "") this.#element(last);
      this.#isInElements = false;
      this.#text = "";
      return at + 1;
    }
    if (this.#depth !== itemDepth - 1 || code !== closeBrace) return from;
    if (this.#head === null) this.#item(this.#text + piece.slice(from, at + 1));
    this.#head = null;
    this.#text = "";
    return at + 1;
  }

  #item(text: string): void {
    const item = this.#parsed(text);
    if (isJson(item)) this.#listener.item(item);
  }

  #element(text: string): void {
    const element = this.#parsed(text);
    if (element !== undefined) this.#listener.element(element);
    this.#text = "";
  }

  #parsed(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch {
      this.#isBroken = true;
      return undefined;
    }
  }
}
