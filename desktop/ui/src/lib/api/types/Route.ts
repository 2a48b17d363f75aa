export type Route = 'local' | 'relay' | 'direct' | 'capture' | 'simulated';
