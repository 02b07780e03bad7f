/** InvertedPendulum: a pole on a cart on a rail, in the plane of x and z. The pole leans by a hair, which makes it no equilibrium. */
export const invertedPendulumModel = `
<mujoco model="inverted pendulum">
  <option timestep="0.02" integrator="RK4"/>
  <size memory="256K"/>

  <default>
    <geom type="capsule" contype="0" friction="1 0.1 0.1"/>
    <joint limited="true" damping="1"/>
    <motor ctrllimited="true" ctrlrange="-3 3"/>
  </default>

  <worldbody>
    <geom name="rail" quat="0.707 0 0.707 0" size="0.02 1"/>
    <body name="cart">
      <joint name="slider" type="slide" axis="1 0 0" range="-1 1"/>
      <geom name="cart" quat="0.707 0 0.707 0" size="0.1 0.1"/>
      <body name="pole">
        <joint name="hinge" type="hinge" axis="0 1 0" range="-90 90"/>
        <geom name="cpole" fromto="0 0 0 0.001 0 0.6" size="0.049"/>
      </body>
    </body>
  </worldbody>

  <actuator>
    <motor name="slide" joint="slider" gear="100"/>
  </actuator>
</mujoco>
`;
