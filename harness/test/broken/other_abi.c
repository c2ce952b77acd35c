/* Built for another plug-in interface. */
__attribute__((visibility("default"))) const int cc_plugin_7 = 7;
