import PluginLaunch

PluginLauncher.run()
