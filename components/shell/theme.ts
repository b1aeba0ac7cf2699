/** The theme is a cookie, so that the server writes it into the first byte of the page: no flash, no script. No cookie = the system decides. */

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = "sluice-theme";

export function parseTheme(text: string | undefined): Theme {
  return text === "light" || text === "dark" ? text : "system";
}

/** Value of data-theme on <html>; none for "system". */
export function themeAttribute(theme: Theme): "light" | "dark" | undefined {
  return theme === "system" ? undefined : theme;
}

const yearS = 365 * 24 * 3600;

/** What document.cookie is set to. */
export function themeCookieText(theme: Theme): string {
  const life = theme === "system" ? 0 : yearS;
  return `${themeCookie}=${theme}; path=/; max-age=${life}; samesite=lax`;
}
