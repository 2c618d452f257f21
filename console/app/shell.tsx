import { LogoutOutlined, MenuOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { Button, Drawer, Dropdown } from 'antd';
import { Suspense, useEffect, useState } from 'react';
import { RegionPicker, useRegionNames } from '../ui/region.tsx';
import { Ended } from '../ui/states.tsx';
import { useWords } from '../words/language.tsx';
import { Bell } from './bell.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { useMe, useSession } from './me.ts';
import { menuOf } from './menu.tsx';
import { signOut } from './session.ts';
import { SignedOut } from './sign-in.tsx';

/** Round everything: the menu of what this role may do, the region, the language, who is signed in. */
export function Shell() {
  const session = useSession();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  if (path.endsWith('/signed-in')) return <Outlet />;
  return session.state === 'out' ? <SignedOut /> : <Inside />;
}

function Inside() {
  const { w } = useWords();
  const ended = useSession().state === 'ended';
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (!ended) return;
    // Dialogs stand beside the page, not in it.
    document.documentElement.classList.add('ended');
    return () => {
      document.documentElement.classList.remove('ended');
      void client.invalidateQueries();
    };
  }, [ended, client]);
  return (
    <div className="shell">
      <aside className="side no-print">
        <Brand />
        <Menu />
      </aside>
      <div className="main">
        <header className="bar no-print">
          <Button
            className="burger"
            type="text"
            icon={<MenuOutlined />}
            aria-label={w.menu}
            onClick={() => setOpen(true)}
          />
          <RegionPicker />
          <span className="bar-gap" />
          <Bell />
          <LanguageSwitch />
          <Person />
        </header>
        <main className="content">
          {ended ? <Ended /> : null}
          {/* What was typed waits, out of sight, for whoever signs in again. */}
          <div className="kept" hidden={ended}>
            <Suspense fallback={null}>
              <Outlet />
            </Suspense>
          </div>
        </main>
      </div>
      <Drawer
        placement="left"
        open={open}
        onClose={() => setOpen(false)}
        size={240}
        title={w.product}
        styles={{ body: { padding: 0 } }}
      >
        <Menu chosen={() => setOpen(false)} />
      </Drawer>
    </div>
  );
}

function Brand() {
  const { w, language } = useWords();
  return (
    <Link to="/" className="brand" search={{}}>
      <img src={`${import.meta.env.BASE_URL}icon.svg`} width={26} height={26} alt="" />
      <span>
        {w.product}
        {language === 'zh' ? <small>{w.tagline}</small> : null}
      </span>
    </Link>
  );
}

function Menu({ chosen }: { chosen?: () => void }) {
  const { w } = useWords();
  const me = useMe();
  return (
    <nav className="menu" aria-label={w.menu}>
      {menuOf(me).map(({ to, word, icon }) => (
        <Link
          key={to}
          to={to}
          search={({ region }: { region?: string }) => (region === undefined ? {} : { region })}
          activeProps={{ className: 'active' }}
          {...(chosen === undefined ? {} : { onClick: chosen })}
        >
          {icon}
          <span>{w[word]}</span>
        </Link>
      ))}
    </nav>
  );
}

function Person() {
  const { w, of } = useWords();
  const me = useMe();
  const name = useRegionNames();
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'who', disabled: true, label: `${me.sub} · ${name(me.region, true)}` },
          { key: 'out', icon: <LogoutOutlined />, label: w.signOut, onClick: () => void signOut() },
        ],
      }}
    >
      <Button type="text" className="person">
        {of('role', me.role)}
      </Button>
    </Dropdown>
  );
}
