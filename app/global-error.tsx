"use client";

/** The last resort: the layout itself failed, so nothing of it can be used. */
export default function GlobalError({ reset }: { readonly reset: () => void }) {
  return (
    <html lang="en">
      <head>
        <title>Sluice</title>
      </head>
      <body style={{ fontFamily: "system-ui, sans-serif", padding: 32 }}>
        <main>
          <h1>Sluice could not draw this page</h1>
          <p>Balancing goes on: it does not depend on this page.</p>
          <button type="button" onClick={reset}>
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
