// First: it says which layer of styles wins.
import './styles/index.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';

// The component library adds a style element of this id unless there is one; the policy of the page forbids it. See base.css.
const pressable = document.createElement('meta');
pressable.id = 'react-aria-pressable-style';
document.head.append(pressable);

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

// Fails on pages that are not secure and on certificates that were only clicked away; the app works without.
if (import.meta.env.PROD && 'serviceWorker' in navigator) navigator.serviceWorker.register('/sw.mjs').catch(() => {});
