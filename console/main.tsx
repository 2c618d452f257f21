import './app/zod.ts';
import 'virtual:look.css';
import './app/style.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/client.ts';
import { look } from './app/look.ts';
import { router } from './app/router.tsx';
import { Speaking, useWords } from './words/language.tsx';

function Console() {
  const { language } = useWords();
  return (
    <ConfigProvider
      theme={look}
      locale={language === 'zh' ? zhCN : enUS}
      button={{ autoInsertSpace: false }}
      // A click beside a dialog does not throw away what was typed in it.
      modal={{ mask: { closable: false } }}
    >
      <App>
        <RouterProvider router={router} />
      </App>
    </ConfigProvider>
  );
}

const place = document.getElementById('root');
if (place === null) throw new Error('The page has no place for the console.');
createRoot(place).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Speaking>
        <Console />
      </Speaking>
    </QueryClientProvider>
  </StrictMode>,
);
