"""What chapters measure. Functions are known here through the contract alone, never by name."""

from actlib.measure.dead_units import DeadUnits as DeadUnits, dead_units as dead_units
from actlib.measure.depth import (
    DepthProfile as DepthProfile,
    gradient_through_depth as gradient_through_depth,
)
from actlib.measure.gradients import GradientCheck as GradientCheck, check_gradient as check_gradient
from actlib.measure.moments import (
    chi as chi,
    fixed_point as fixed_point,
    gaussian_moments as gaussian_moments,
)
from actlib.measure.precision import breaking_point as breaking_point, ulp_error as ulp_error
from actlib.measure.recovery import Recovery as Recovery, recovery as recovery
