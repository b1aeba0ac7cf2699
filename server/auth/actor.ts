/** Who is signed in. Made from a session's row by session.ts and nowhere else. */
import type { Role } from "../core/change/views.ts";

export type Actor = { readonly id: string; readonly name: string; readonly role: Role };
