/** What farms, backends and lists have in common: ids, names and notes. */
import * as z from "zod/mini";
import { limits } from "./limits.ts";

export const nameSchema = z
  .string("A name is text")
  .check(
    z.minLength(1, "A name is needed"),
    z.maxLength(limits.nameLengthMax, `A name has at most ${limits.nameLengthMax} characters`),
    z.regex(
      /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
      "A name has lower-case letters, digits and hyphens, and starts and ends with a letter or digit",
    ),
  );

export const idSchema = z.uuid("An id is a UUID");

export const notesSchema = z._default(
  z.string().check(z.maxLength(limits.notesLengthMax, `Notes have at most ${limits.notesLengthMax} characters`)),
  "",
);
