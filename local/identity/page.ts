import type { Account } from './account.ts';

/** What the sign-in page says, and which regions it offers. */
export interface SignInPage {
  language: string;
  title: string;
  note: string;
  enter: string;
  /** Before the choice of region, and before the choice among people of the same role. */
  region: string;
  person: string;
  /** `{n}` is the person's number. */
  nth: string;
  regions: readonly { code: string; name: string }[];
}

export const plainPage: SignInPage = {
  language: 'en',
  title: 'Sign in',
  note: 'This issuer is for development: it asks for no password.',
  enter: 'Sign in',
  region: 'Region',
  person: 'Person',
  nth: 'No. {n}',
  regions: [],
};

const PEOPLE = 3;

const STYLE = `
*{box-sizing:border-box}
body{font:15px/1.5 -apple-system,"Segoe UI","PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif;margin:0;background:#f5f7f6;color:#1d2624}
main{max-width:62rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.4rem;margin:0}
p{margin:.2rem 0 1.2rem;color:#5b6663}
.cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(19rem,1fr));gap:.8rem}
form{background:#fff;border:1px solid #dfe5e3;border-radius:6px;padding:.9rem 1rem;display:flex;flex-direction:column;gap:.5rem}
h2{font-size:1.05rem;margin:0}
form p{margin:0;min-height:3em}
label{display:flex;gap:.6rem;align-items:center;color:#5b6663}
label span{flex:none;width:3.2rem}
select{font:inherit;flex:1;min-width:0;padding:.2rem .3rem;border:1px solid #c6cfcc;border-radius:4px;background:#fff}
button{font:inherit;margin-top:auto;padding:.45rem .8rem;border:0;border-radius:4px;background:#12655f;color:#fff;cursor:pointer}
button:focus-visible,select:focus-visible{outline:2px solid #12655f;outline-offset:2px}
`;

/** The page on which one picks an account. Each card repeats the request with the account, region and person added. */
export function authorizePage(accounts: readonly Account[], query: URLSearchParams, page: SignInPage): string {
  const hidden = [...query]
    .map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`)
    .join('');
  const cards = accounts.map((account) => card(account, hidden, page)).join('\n');
  return `<!doctype html>
<html lang="${escaped(page.language)}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(page.title)}</title>
<style>${STYLE}</style>
<main><h1>${escaped(page.title)}</h1><p>${escaped(page.note)}</p><div class="cards">
${cards}
</div></main></html>
`;
}

function card({ account, title, about, claims, regionLength }: Account, hidden: string, page: SignInPage): string {
  const regions = page.regions.filter(({ code }) => code.length === regionLength);
  const choice =
    regions.length === 0
      ? ''
      : `<label><span>${escaped(page.region)}</span><select name="region">${regions.map(({ code, name }) => option(code, name)).join('')}</select></label>`;
  const people = Array.from({ length: PEOPLE }, (_, place) =>
    option(String(place + 1), page.nth.replace('{n}', String(place + 1))),
  ).join('');
  const words =
    about ??
    Object.entries(claims)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  return `<form method="get" action="authorize">${hidden}<h2>${escaped(title ?? account)}</h2><p>${escaped(words)}</p>${choice}
<label><span>${escaped(page.person)}</span><select name="person">${people}</select></label>
<button name="account" value="${escaped(account)}">${escaped(page.enter)}</button></form>`;
}

function option(value: string, text: string): string {
  return `<option value="${escaped(value)}">${escaped(text)}</option>`;
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
