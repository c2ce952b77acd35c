/* A shared object that is no plug-in. */
__attribute__((visibility("default"))) const int nothing = 0;
