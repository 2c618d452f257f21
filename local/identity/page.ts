import type { Account } from './issuer.ts';

/** The page on which one picks an account. Each button repeats the request with the account added. */
export function authorizePage(accounts: readonly Account[], query: URLSearchParams): string {
  const hidden = [...query]
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');
  const buttons = accounts
    .map(({ account, title, claims }) => {
      const about = Object.entries(claims)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ');
      return `<button name="account" value="${escaped(account)}"><strong>${escaped(title ?? account)}</strong><br><small>${escaped(about)}</small></button>`;
    })
    .join('\n');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in</title>
<style>body{font:16px system-ui;max-width:32rem;margin:3rem auto;padding:0 1rem}form{display:grid;gap:.5rem}button{font:inherit;text-align:left;padding:.6rem .8rem}small{color:#555}</style>
<h1>Sign in</h1><p>This issuer is for development: it asks for no password.</p>
<form method="get" action="authorize">${hidden}
${buttons}
</form></html>
`;
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
