"""Jupyter Server's settings in Binder: kernels of closed pages are culled, and pages carry their XSRF cookie."""

from stswidgets.apps.serving import set_xsrf_cookie, without_mathjax

c = get_config()  # noqa: F821  # given by traitlets
c.VoilaConfiguration.prelaunch_hook = set_xsrf_cookie
c.VoilaConfiguration.page_config_hook = without_mathjax
c.MappingKernelManager.cull_idle_timeout = 300
c.MappingKernelManager.cull_interval = 60
