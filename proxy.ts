/** Headers and sizes only: a nonce for each page's scripts. Who may see a page is asked by the page itself, never here. */
import { type NextRequest, NextResponse } from "next/server";

/** as the server actions' own bound in next.config.ts, which also holds for bodies of unknown length */
const bodyBytesMax = 1200 * 1024;

export function proxy(request: NextRequest): NextResponse {
  if (Number(request.headers.get("content-length") ?? "0") > bodyBytesMax)
    return new NextResponse("One change has at most 1 MB; nothing was changed", {
      status: 413,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** Pages, and bodies of a million bytes or more; the actions' short posts need neither and are not slowed down. */
export const config = {
  matcher: [
    { source: "/((?!_next/static|_next/image|favicon.ico|api/).*)", missing: [{ type: "header", key: "next-action" }] },
    {
      source: "/((?!_next/static|_next/image|favicon.ico|api/).*)",
      has: [{ type: "header", key: "content-length", value: "[0-9]{7,}" }],
    },
  ],
};

function contentSecurityPolicy(nonce: string, isDevelopment: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    // charts and menus place themselves by style attributes
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
