import { mount } from 'svelte';
import './app.css';
import App from './App.svelte';
import { open } from '$lib/api';
import { theme } from '$lib/shared/theme.svelte';

theme.show();
await open();
const target = document.getElementById('app');
if (target) mount(App, { target });
